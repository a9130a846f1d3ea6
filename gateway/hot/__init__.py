"""The short way for what a crowd storms: taps and votes go from uvicorn's parser straight to who counts them.

A task, ASGI's messages, Starlette's request and FastAPI's layers cost twice as much as a vote itself. A request that
asks for anything unusual takes the usual way through `gateway.routes`, and the answers are the same.
"""
