"""Facts between services, exactly once in effect.

`outbox` and `relay` say them, `worker`, `delivery` and `hearing` hear them. `isolation`, `retries`,
`set_aside` and `feeding` keep what fails from spoiling the rest. `watermarks` and `speaking` tell how far
everybody has come, `timers` is the clock's door, and `service` puts a service together.
"""
