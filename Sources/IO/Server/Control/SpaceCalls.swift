/// `…/_understudy/spaces`: isolated copies of the changing state.
enum SpaceCalls {
    static let get = ControlCall(method: "GET", path: "spaces") { (request, service) throws(ControlRefusal) in
        try service.steer(.spaces, request)
    }

    static let put = ControlCall(method: "PUT", path: "spaces/{name}") { (request, service) throws(ControlRefusal) in
        try service.steer(.makeSpace(request.segments[1]), request)
    }

    static let delete = ControlCall(method: "DELETE", path: "spaces/{name}") {
        (request, service) throws(ControlRefusal) in
        try service.steer(.dropSpace(request.segments[1]), request)
    }
}
