// A browser's or Node's way: fetch with a bearer token. Prints one JSON line for the test to judge.
const [url, token, session, prompt] = process.argv.slice(2);

const answer = await fetch(url, {
  method: "POST",
  headers: {
    "Authorization": `Bearer ${token}`,
    "Content-Type": "application/json",
    "Accept": prompt === "stream" ? "text/event-stream" : "application/json",
    "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": session,
  },
  body: JSON.stringify({ prompt }),
});

const pieces = [];
const decoder = new TextDecoder();
for await (const bytes of answer.body) {
  pieces.push({ at: performance.now(), text: decoder.decode(bytes, { stream: true }) });
}

console.log(JSON.stringify({
  status: answer.status,
  type: answer.headers.get("content-type"),
  session: answer.headers.get("x-amzn-bedrock-agentcore-runtime-session-id"),
  text: pieces.map((piece) => piece.text).join(""),
  pieces: pieces.length,
  spread: pieces.at(-1).at - pieces[0].at,
}));
