"""The story on the running services: the official SDK is the site, real servers on loopback are the world."""
