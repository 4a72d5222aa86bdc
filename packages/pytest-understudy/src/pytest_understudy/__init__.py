"""Amazon Bedrock AgentCore Runtime in your tests: the fixture `understudy`, and what it hands out."""

from .space import Clock, Fault, Space
from .steering import Refused

__all__ = ["Clock", "Fault", "Refused", "Space"]
