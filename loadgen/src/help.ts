export const HELP = `foghorn-load sends HTTP requests at a planned rate and measures the answers.

Usage: foghorn-load [options]

  The rate is kept whatever the target does: a slow answer does not delay the next request,
  and latency counts from the moment a request was due (so a stall shows in full).

Target
  --url URL               http(s) address of the target            (environment: TARGET_URL)
  --endpoint ENDPOINT     [METHOD ]/path[@weight], repeatable; picked at random by weight
                          default: /  /health  /cpu-test  /memory-test  /db-test, equally often
  --header 'Name: value'  sent with every request, repeatable
  --timeout DURATION      a request fails that waits longer, for a connection or for its answer;
                          10ms to 1m, default 5s

Load (one of)
  --level LEVEL           low      5 requests/s over  2 connections    (environment: STRESS_LEVEL)
                          medium  20 requests/s over  5 connections
                          high    50 requests/s over 10 connections
                          extreme 100 requests/s over 20 connections;  default low
  --rate N                constant N requests/s
  --stage DURATION:RATE   ramps from the rate before (first 0) to RATE, repeatable;
                          DURATION:RATE:constant holds RATE instead
  --duration DURATION     500ms, 30s, 1m30s, 2h; default 1m. 'forever' (or 0) runs until stopped,
                          the default when the level comes from STRESS_LEVEL
  --concurrency N         requests in flight at most; what is due beyond that waits and counts as late
                          default: the level's connections, else one second of the highest rate

Output
  On a terminal: a live line, then a summary. On a pipe: one JSON object a line,
  {"type":"progress",...} once a second and {"type":"report",...} at the end.
  --json                  JSON lines on a terminal too
  --verbose               a line for each request
  --seed N                repeats the same random choice of endpoints
  --help

Exit codes
  0  the plan was carried out, or a run without an end was stopped
  1  the generator itself failed
  2  an option is wrong
  3  not one request was answered
  130, 143  stopped by SIGINT, SIGTERM before the end of the plan; the report covers the part that ran

Examples
  foghorn-load --url http://localhost:8000 --level high --duration 30s
  foghorn-load --url http://localhost:8000 --rate 200 --duration 1m --endpoint /health
  foghorn-load --url http://localhost:8000 --stage 30s:50 --stage 1m:50 --stage 10s:0
  foghorn-load --url http://localhost:8000 --rate 20 --endpoint /@3 --endpoint 'POST /orders'
  STRESS_LEVEL=extreme TARGET_URL=http://localhost:8000 foghorn-load | tee load.ndjson
`;
