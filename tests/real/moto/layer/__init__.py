"""What moto lacks or answers otherwise than AWS, and what a test sets about it.

`gate` stands in front of moto: it names each request's service and operation, records it, denies what a knob denies,
and answers the operations of the other modules itself; every other request goes on to moto.
"""
