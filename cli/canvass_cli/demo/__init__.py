"""The main job, played on the running services: the official SDK is the site, an SMTP server the world."""
