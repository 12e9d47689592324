"""A FastAPI application with the two routes that the server is measured by.
usage: fastapi_peer.py PORT STATUS.json
"""

import json
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

app = FastAPI()
status = json.loads(Path(sys.argv[2]).read_text())


@app.get("/healthz")
async def healthz():
    return {"ok": True}


@app.get("/status")
async def reactor_status():
    return status


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False,
        loop="uvloop", http="httptools")
