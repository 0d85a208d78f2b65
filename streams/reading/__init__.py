"""Reading: bytes become facts, facts become parcels; a pure function of each record, and a small counter."""

from streams.reading.reader import Reader, Taken, log_of, read
from streams.reading.record import ReadLimits, Record, Secrets
from streams.reading.reject import Reason, Rejection

__all__ = ["ReadLimits", "Reader", "Reason", "Record", "Rejection", "Secrets", "Taken", "log_of", "read"]
