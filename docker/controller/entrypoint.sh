#!/bin/sh
# Without an AWS account (no key, no endpoint of the user's own) mails go to the sandbox of the stack, which takes any
# key and any address.
set -eu

if [ -z "${AWS_ACCESS_KEY_ID:-}" ] && [ -z "${AWS_ENDPOINT_URL_SES:-}" ] && [ -n "${SES_SANDBOX_URL:-}" ]; then
  export AWS_ENDPOINT_URL_SES="$SES_SANDBOX_URL" AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox
  export SENDER_EMAIL="${SENDER_EMAIL:-foghorn@example.com}" RECIPIENT_EMAILS="${RECIPIENT_EMAILS:-oncall@example.com}"
fi
# The AWS SDK takes an empty variable for a value.
for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ENDPOINT_URL_SES; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || unset "$name"
done
exec step-down "$@"
