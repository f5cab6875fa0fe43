# Starts an event loop.
# ends: raised
import asyncio

asyncio.run(asyncio.sleep(0))
