from canvass_tracking.main import service

service.main()
