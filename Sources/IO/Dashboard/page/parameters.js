// What each fault takes, for the form: `a.b` is the member b of the object a. The server reads what comes of it, and
// says what is wrong with it. `seconds` is a number or a duration, `json` an object.
const at = {name: "at", hint: "frame 3", choices: ["accept", "request", "headers", "frame 1", "byte 120"]};
const retryAfter = {name: "retryAfter", kind: "seconds", hint: "2s"};
const frame = {name: "frame", kind: "number", hint: "1"};

export const faults = {
  "error": [
    {name: "error", hint: "ThrottlingException", choices: [
      "ServiceUnavailableException", "ThrottlingException", "InternalServerException", "AccessDeniedException",
      "ValidationException", "ResourceNotFoundException", "ConflictException", "ServiceQuotaExceededException",
      "RuntimeClientError"]},
    {name: "status", kind: "number", hint: "503"}, {name: "message"}, retryAfter,
    {name: "headers", kind: "json", hint: '{"X-Reason": "full"}'},
  ],
  "expiring-token": [],
  "throttle": [{name: "rate", hint: "25/s", given: "25/s"}, {name: "burst", kind: "number"}, retryAfter],
  "latency": [
    {name: "delay", hint: "300ms", given: "300ms"}, {name: "uniform.min", hint: "100ms"}, {name: "uniform.max", hint: "2s"},
    {name: "normal.mean", hint: "1s"}, {name: "normal.deviation", hint: "200ms"},
    {name: "lognormal.median", hint: "800ms"}, {name: "lognormal.p99", hint: "4s"},
    {name: "spike.base", hint: "0ms"}, {name: "spike.to", hint: "26s"}, {name: "spike.chance", kind: "number", hint: "0.02"},
    {name: "at", choices: ["headers", "first-frame", "every-frame", "end"]},
  ],
  "cold-start": [{name: "delay", hint: "1.8s"}],
  "not-ready": [{name: "for", hint: "5s", given: "5s"}, {name: "since", choices: ["session", "agent"]}],
  "hang": [{name: "for", hint: "61s"}],
  "stall": [{name: "frames", kind: "number", hint: "3", given: "1"}, {name: "bytes", kind: "number"}, {name: "for", hint: "5s"}],
  "slow-drip": [{name: "bytesPerSecond", kind: "number", given: "200"}],
  "reset": [{...at, given: "headers"}],
  "close": [{...at, given: "headers"}],
  "corrupt": [
    {name: "kind", given: "invalid-json", choices: [
      "invalid-json", "split-utf8", "missing-blank-line", "duplicate", "reorder", "garbage", "wrong-length"]},
    frame, {name: "pause", hint: "20ms"}, {name: "by", kind: "number", hint: "-3"},
  ],
  "agent-error-event": [
    {name: "frames", kind: "number", hint: "2"}, {name: "error", hint: "out of memory"}, {name: "errorType", hint: "MemoryError"},
  ],
  "clock-skew": [{name: "offset", hint: "-6m", given: "-6m"}],
  "jwks-outage": [{name: "status", kind: "number", hint: "503"}, {name: "part", choices: ["keys", "discovery", "tokens", "all"]}],
  "key-rotation": [{name: "keepOld", kind: "switch"}],
  "ws-close": [{name: "code", kind: "number", hint: "1011"}, {name: "reason"}, {name: "messages", kind: "number", hint: "2"}],
  "ws-drop": [{name: "messages", kind: "number", hint: "2"}],
};

/** Whom a fault strikes, and when. */
export const places = [
  {name: "name", hint: "its word, unless told"}, {name: "agent", hint: "*"}, {name: "endpoint"}, {name: "operation"},
  {name: "on.calls", hint: "1-2, 5+"}, {name: "on.every", kind: "number", hint: "3"},
  {name: "on.chance", kind: "number", hint: "0.1"},
  {name: "on.from", hint: "10s"}, {name: "on.until", hint: "1m"}, {name: "on.session", hint: "vip-*"},
  {name: "on.times", kind: "number"}, {name: "on.perSession", kind: "switch"},
];
