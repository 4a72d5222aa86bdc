import os

pytest_plugins = ["pytester"]

# Tests of tests run in folders of their own, where a relative path names something else.
if os.environ.get("UNDERSTUDY_BIN"):
    os.environ["UNDERSTUDY_BIN"] = os.path.abspath(os.environ["UNDERSTUDY_BIN"])
