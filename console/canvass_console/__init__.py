"""The console's door: serves the browser's application, and passes its requests on to the services.

One origin for all of it: a strict content security policy, a cookie that no other site can use, no CORS.
"""
