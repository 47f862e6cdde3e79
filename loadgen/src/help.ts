export const HELP = `foghorn-load sends HTTP requests at a planned rate and measures the answers.

Usage: foghorn-load [options]

  The rate is kept whatever the target does: a slow answer does not delay the next request,
  and latency counts from the moment a request was due (so a stall shows in full).

Target
  --url URL               http(s) address of the target            (environment: TARGET_URL)
  --endpoint ENDPOINT     [METHOD ]/path[@weight], repeatable; picked at random by weight;
                          or JSON: {"path","method","weight","headers","body" or "bodyFile"}
                          default: /  /health  /cpu-test  /memory-test  /db-test, equally often
  --header 'Name: value'  sent with every request, repeatable; one of an endpoint goes before it
  --body TEXT|@FILE       body of each POST, PUT and PATCH without its own; at most 10 MiB. Its type follows
                          from the extension or from its first character; a header content-type goes before
  --timeout DURATION      a request fails that waits longer, for a connection or for its answer;
                          10ms to 1m, default 5s
  --no-keep-alive         a new connection for each request; opening it is part of its time
  Redirects are not followed: a 3xx is an answer, counted by its status.

Placeholders in paths, headers and bodies
  {{seq}}                 number of the request: 1, 2, 3 ... (--seq-first N, --seq-step N)
  {{uuid}}  {{now}}       a random UUID; milliseconds since 1970
  {{randomInt MIN MAX}}   both included
  {{line FILE}}           lines of a file, one for each request, again from the start at its end
  {{env NAME}}            a variable of the environment; never shown in the output
  Values are percent-encoded in paths and refused in headers when they are not one line of printable
  ASCII. \\{{ stands for two braces.

Who we are, and who answers
  --basic-auth-env NAME   the environment variable that holds user:password
  --bearer-env NAME       the environment variable that holds a token
  --cacert FILE           certificates of authorities (PEM; the text itself as --cacert=TEXT) instead of the system's
  --cert FILE --key FILE  our certificate and its key (PEM, without a passphrase)
  --servername NAME       the name that the certificate must have, where it is not the host of the address
  --insecure              takes any certificate; the report says so
  --untrusted             the options come from others: no files, no environment in placeholders

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
  --share INDEX/COUNT     one of COUNT generators that carry out this load together: its part of the rate and of
                          the connections, and numbers of its own; INDEX from 0
  --warm-up DURATION      before the plan, its first rate is kept up so long and all answers are awaited;
                          counted apart; at most 5m

Output
  On a terminal: a live line, then a summary. On a pipe: one JSON object a line,
  {"type":"progress",...} once a second and {"type":"report",...} at the end.
  --json                  JSON lines on a terminal too
  --verbose               a line for each request
  --output FILE           the report also as a file, by its name's end, repeatable: .json (all, for compare and
                          merging), .csv (a line for each second), .html (a page with charts)
  --seed N                repeats the same random choice of endpoints
  --help

Thresholds
  --threshold EXPR        must hold in the end, repeatable; CEL as in a LoadTest: 'latency.p95 < 0.5'
                          latency, serviceTime: .mean .p50 .p75 .p90 .p95 .p99 .p999 .max, in seconds;
                          requests, errors, late, rate, errorRate (0 to 1)
  --abort-threshold EXPR  must hold all the time, once something was answered: ends the run when it does not
  --abort-delay DURATION  ends no run before; default 0s

Compare
  foghorn-load compare BASE.json OTHER.json [...] says what differs beyond chance (compare --help)

Exit codes
  0  the plan was carried out, or a run without an end was stopped
  1  the generator itself failed
  2  an option is wrong
  3  not one request was answered
  4  a threshold does not hold
  130, 143  stopped by SIGINT, SIGTERM before the end of the plan; the report covers the part that ran

Examples
  foghorn-load --url http://localhost:8000 --level high --duration 30s
  foghorn-load --url http://localhost:8000 --rate 200 --duration 1m --endpoint /health
  foghorn-load --url http://localhost:8000 --rate 50 --threshold 'latency.p95 < 0.5' --output report.html
  foghorn-load --url http://localhost:8000 --stage 30s:50 --stage 1m:50 --stage 10s:0
  foghorn-load --url http://localhost:8000 --rate 20 --endpoint /@3 --endpoint 'POST /orders'
  foghorn-load --url http://localhost:8000 --rate 50 --endpoint 'POST /orders' --body @order.json --warm-up 2s
  foghorn-load --url https://api.test --rate 50 --endpoint '/users/{{randomInt 1 1000}}' --bearer-env API_TOKEN
  STRESS_LEVEL=extreme TARGET_URL=http://localhost:8000 foghorn-load | tee load.ndjson
`;
