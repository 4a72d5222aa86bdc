# curl signs by itself, and speaks TLS to AWS's own host name: by address, then through the proxy. Prints one line of JSON.
set -eu
path='runtimes/my_agent-AbCdEf1234/invocations?accountId=123456789012'
ask() { curl --silent --show-error --fail --aws-sigv4 aws:amz:us-east-1:bedrock-agentcore --user test:test \
  -H 'Content-Type: application/json' -d '{"prompt": "Hello there"}' "$@"; }

host=bedrock-agentcore.us-east-1.amazonaws.com
port=${EMULATOR_TLS##*:}
plain=$(ask "$EMULATOR/$path")
named=$(ask --resolve "$host:$port:127.0.0.1" "https://$host:$port/$path")
proxied=$(ask --proxy "$EMULATOR" "https://$host/$path")
printf '{"plain": %s, "by name": %s, "by proxy": %s}\n' "$plain" "$named" "$proxied"
