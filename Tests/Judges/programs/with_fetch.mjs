// Node's fetch over TLS with a token: an answer, and a stream as it comes.
const url = `${process.env.EMULATOR_TLS}/runtimes/${encodeURIComponent(process.env.AGENT)}/invocations`;

function ask(headers) {
  const authorization = `Bearer ${process.env.TOKEN}`;
  return fetch(url, { method: "POST", headers: { authorization, ...headers }, body: JSON.stringify({ prompt: "Hello there" }) });
}

const answer = await (await ask({})).json();
const stream = await ask({ accept: "text/event-stream" });
let text = "";
for await (const piece of stream.body.pipeThrough(new TextDecoderStream())) text += piece;
console.log(JSON.stringify({ answer, stream: text.split("\n\n").slice(0, -1) }));
