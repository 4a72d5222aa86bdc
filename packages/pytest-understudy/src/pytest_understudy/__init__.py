"""Amazon Bedrock AgentCore Runtime in your tests: the fixture `understudy`, and what it hands out."""

from .process import DidNotStart, ServerProcess
from .space import Clock, Fault, Space
from .steering import Refused

__all__ = ["Clock", "DidNotStart", "Fault", "Refused", "ServerProcess", "Space"]
