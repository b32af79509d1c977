"""An AWS endpoint on loopback: moto's server, with what CloudWatch and Logs need beyond it.

moto speaks the wire by botocore's service models, so whatever an operation returns here has
the shape that the model gives it. Alarms are kept as the model's own dictionaries.
"""
