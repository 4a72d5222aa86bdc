import Library
import Rules
import Runtime

/// What rules answer, drawn.
extension RandomScenario {
    mutating func reply() -> Reply {
        let (status, initialization) = (400 + number(199), duration())
        var reply: Reply =
            switch number(9) {
            case 0: Reply(.json(value()))
            case 1: Reply(.text(text()))
            case 2: Reply(.base64(bytes()))
            case 3: Reply(.file(valid("a/b.bin")))
            case 4: Reply(.stream(stream()))
            case 5: Reply(.echo)
            case 6: Reply(.error(name: valid("ConflictException"), message: maybe { $0.text() }))
            case 7: Reply(.agentError(status: status))
            // Its lists are read as in a file, whatever the shape.
            case 8 where shape == .valid: Reply(.websocket(conversation()))
            default: Reply(.agentError(status: max(500, status), initialization: initialization))
            }
        reply.status = maybe { $0.shape == .any ? $0.pick([0, -1, .max, .min]) : 200 + $0.number(399) }
        reply.headers = maybe {
            $0.list { random, index in
                let name = random.valid("X-\(index / 2)")
                return HeaderLine(name: name, value: random.valid(random.pick(["", "a b", "é"])))
            }
        }
        reply.contentType = maybe { $0.valid("a/b") }
        reply.delay = maybe { $0.duration() }
        // What opens a conversation has its own.
        if reply.kind is WebSocketReply { (reply.status, reply.contentType) = (nil, nil) }
        return reply
    }

    private mutating func conversation() -> WebSocketReply {
        var conversation = WebSocketReply()
        conversation.open = maybe { $0.list { random, _ in random.message() } }
        conversation.messages = maybe {
            $0.list { random, _ in
                var answer = WebSocketReply.Answer()
                answer.when = random.maybe { $0.condition() }
                answer.then = random.maybe { $0.text() }
                answer.send = random.maybe { $0.list { random, _ in random.message() } }
                answer.close = random.maybe {
                    .init(code: $0.pick([1_000, 1_008, 3_000, 4_999]), reason: $0.maybe { $0.text() })
                }
                return answer
            }
        }
        conversation.echo = maybe { $0.coin() }
        if conversation.open == nil, conversation.messages == nil { conversation.echo = true }
        return conversation
    }

    private mutating func message() -> WebSocketReply.Message {
        let content: WebSocketReply.Message.Content =
            switch number(2) {
            case 0: .json(value())
            case 1: .text(text())
            default: .base64(bytes())
            }
        return WebSocketReply.Message(content, after: maybe { $0.duration() })
    }

    private mutating func stream() -> StreamReply {
        var stream = StreamReply()
        stream.firstAfter = maybe { $0.duration() }
        stream.every = maybe { $0.duration() }
        stream.jitter = maybe { Double($0.number(1_000)) / 1_000 }
        stream.events = list { random, index in
            var event = StreamReply.Event()
            if random.shape == .valid {
                event.comment = "c\(index)"
            } else {
                event.comment = random.maybe { $0.text() }
            }
            if random.coin() { event.data = random.value() } else { event.text = random.maybe { $0.text() } }
            event.event = random.maybe { $0.valid("e") }
            event.id = random.maybe { $0.valid("{{uuid}}") }
            event.retry = random.maybe { $0.number(5_000) }
            event.after = random.maybe { $0.duration() }
            return event
        }
        return stream
    }
}
