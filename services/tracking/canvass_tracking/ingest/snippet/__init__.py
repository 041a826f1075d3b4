"""What browsers load before they post: Segment's SDK, and what both browser SDKs are told of a source."""
