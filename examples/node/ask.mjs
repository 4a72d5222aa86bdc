// node examples/node/ask.mjs [URL]: asks an agent with a token of the server's own issuer, and reads the stream as it comes.
const url = process.argv[2] ?? 'http://127.0.0.1:8787'
const made = await fetch(`${url}/_understudy/tokens`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}',
})
const { token } = await made.json()
const answer = await fetch(`${url}/runtimes/helper-AbCdEf1234/invocations?accountId=123456789012`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Accept: 'text/event-stream' },
  body: JSON.stringify({ prompt: 'Hello from Node' }),
})
if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) process.stdout.write(piece)
