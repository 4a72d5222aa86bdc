import Time
import Verdicts

/// Callers that share a principal, whose token is refused near its end, and what they do about it.
package struct SimulatedRefresher: Sendable {
    package enum Behaviour: String, CaseIterable, Sendable {
        case right, stampede, loop
        case oldToken = "retries with the old token"
        case everyCall = "refreshes before every call"
        case never = "does not refresh"
        case slow = "takes too long"
    }

    package var behaviour: Behaviour
    package var callers = 4

    package init(_ behaviour: Behaviour, callers: Int = 4) {
        self.behaviour = behaviour
        self.callers = callers
    }

    private struct World {
        var calls: [ObservedCall] = []
        var chance: SimulatedChance
        var tokens = 1
        /// What the callers share: the token, and when the one refresh that is under way is over.
        var token = 0
        var refreshed = 0.0
        /// When each token was issued; it lives for 200 s and is refused in its last minute.
        var issued: [Double] = [0]

        func isRefused(_ token: Int, _ now: Double) -> Bool { now > issued[token] + 140 }
    }

    private struct Job {
        var caller: Int
        var number = 0
        var retries = 0
        /// The token that was refused, when the caller hears of it.
        var refused: Int?

        var next: Job { Job(caller: caller, number: number + 1) }
        var again: Job { Job(caller: caller, number: number, retries: retries + 1) }
    }

    /// Minutes of calls, of each caller every second or so.
    package func calls(seed: UInt64) -> (calls: [ObservedCall], end: Double) {
        var world = World(chance: SimulatedChance(seed: seed))
        var queue = EventQueue<Job>()
        for caller in 0..<callers { queue.add(world.chance.exponential(0.5), Job(caller: caller)) }
        while let (now, job) = queue.next(), now < 500 {
            if let used = job.refused {
                react(job, used, now, &world, &queue)
                continue
            }
            if behaviour == .everyCall { world.token = refresh(now, &world) }
            let used = world.token
            let end = call(job, used, now, &world)
            guard world.isRefused(used, now) else {
                queue.add(end + world.chance.exponential(0.5), job.next)
                continue
            }
            var hearing = job
            hearing.refused = used
            queue.add(end + world.chance.latency(), hearing)
        }
        return (SimulatedOutage.inOrder(world.calls), 500)
    }

    private func react(_ job: Job, _ used: Int, _ now: Double, _ world: inout World, _ queue: inout EventQueue<Job>) {
        switch behaviour {
        case .never:
            queue.add(now + world.chance.exponential(0.5), job.next)
        case .oldToken where job.retries == 0:
            queue.add(now + 0.2, job.again)
        case .loop where job.retries < 4:
            world.token = refresh(now, &world)
            world.issued[world.token] -= 200
            queue.add(now + 0.1, job.again)
        default:
            if world.token == used || behaviour == .stampede {
                world.token = refresh(now, &world)
                world.refreshed = now + 0.05 + world.chance.latency() + (behaviour == .slow ? 8 : 0)
            }
            queue.add(max(now, world.refreshed) + world.chance.latency(), job.again)
        }
    }

    private func refresh(_ now: Double, _ world: inout World) -> Int {
        var call = ObservedCall(number: 0, arrived: Moment(Instant(nanoseconds: Int64(now * 1e9))))
        (call.isIssuer, call.principal, call.status, call.outcome) = (true, "anna", 200, .completed)
        call.ended = Moment(Instant(nanoseconds: Int64((now + 0.04) * 1e9)))
        world.calls.append(call)
        world.issued.append(now)
        world.tokens += 1
        return world.tokens - 1
    }

    private func call(
        _ job: Job, _ token: Int, _ now: Double, _ world: inout World
    ) -> Double {
        let arrival = now + world.chance.latency()
        let isRefused = world.isRefused(token, now)
        let end = arrival + 0.001 + world.chance.exponential(0.2)
        func moment(_ at: Double) -> Instant { Instant(nanoseconds: Int64(at * 1e9)) }
        var call = ObservedCall(number: 0, arrived: Moment(moment(arrival)))
        call.agent = "agent"
        call.principal = "anna"
        call.session = "session-\(job.caller)"
        call.payload = UInt64(job.caller * 100_000 + job.number)
        let issued = world.issued[token]
        call.token = .init(id: "token-\(token)", issuedAt: moment(issued), expires: moment(issued + 200))
        call.status = isRefused ? 403 : 200
        call.refusal = isRefused ? .token : nil
        call.outcome = .completed
        call.ended = Moment(moment(end))
        world.calls.append(call)
        return end
    }
}
