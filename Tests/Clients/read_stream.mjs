// Reads a stream with Node's fetch until it ends, however it ends, and prints one JSON line about it.
const [url, patience] = process.argv.slice(2);
const seen = { status: null, text: "", error: null };

try {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept": "text/event-stream" },
    body: JSON.stringify({ prompt: "stream" }),
    signal: AbortSignal.timeout(Number(patience)),
  });
  seen.status = answer.status;
  const decoder = new TextDecoder();
  for await (const bytes of answer.body) seen.text += decoder.decode(bytes, { stream: true });
} catch (error) {
  seen.error = error.cause?.code ? `${error.name} (${error.cause.code})` : error.name;
}
console.log(JSON.stringify(seen));
