"""Frames that are sent again, at this gateway or another: answered as the first time, and never counted twice."""
