# One static binary and nothing else. Built and run:
#
#   docker build -t understudy .
#   docker run --rm -p 8787:8787 understudy
#   docker run --rm -p 8787:8787 -v "$PWD:/libraries:ro" understudy serve --host 0.0.0.0 /libraries/restaurant.json
#
# Bound to more than loopback, the server wants a token for its control API: it prints the one it made up, or takes
# --control-token. Calls to agents want what their scenario says, as everywhere.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libsqlite3-dev libssl-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN make static

FROM scratch
COPY --from=build /source/.build/static/understudy /understudy
USER 65532:65532
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=2s --start-period=2s CMD ["/understudy", "health", "http://127.0.0.1:8787"]
ENTRYPOINT ["/understudy"]
CMD ["serve", "--host", "0.0.0.0"]
