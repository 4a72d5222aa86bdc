/// The library that is served when none is named: `fixtures/scenarios/built-in.json`, word for word.
package enum BuiltIn {
    package static let name = "built-in"

    package static let text = #"""
        // What `understudy serve` serves when no library is named: every agent answers, and repeats what it was told.
        {
          "understudy": 1,
          "agents": [
            // Signed calls and bearer tokens are both verified; a call without either is refused.
            {"arn": "*", "auth": "any"},
          ],
          "credentials": [
            {"accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
            {"accessKeyId": "test", "secretAccessKey": "test"},
          ],
          "users": [
            // For the issuer: InitiateAuth with the password, /oauth2/token with the client's secret.
            {
              "username": "anna",
              "password": "understudy",
              "clientId": "understudy-client",
              "clientSecret": "understudy-secret",
              "groups": ["guests"],
              "scopes": ["understudy/invoke"],
            },
          ],
          "rules": [
            // {"response": {"role": "assistant", "content": [{"text": …}]}}, or the same words as server-sent events for a
            // caller that accepts text/event-stream.
            {"name": "echo", "reply": {"echo": true}},
            // A WebSocket sends back what it gets.
            {"name": "echo-messages", "operation": "InvokeAgentRuntimeWithWebSocketStream", "reply": {"websocket": {"echo": true}}},
          ],
        }

        """#
}
