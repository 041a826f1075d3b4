"""What tracking hears: nothing yet."""

from canvass_messaging.consumers import Consumers

from canvass_tracking.tables import contacts

consumers = Consumers("tracking", contacts=contacts)
