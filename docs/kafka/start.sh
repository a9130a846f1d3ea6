#!/bin/sh
# Starts Kafka with the settings beside this file, and gives its users the passwords of the environment, at each start: so
# a new password needs no more than a restart. They are set once $READY is there.
set -eu

here=$(dirname "$0")
bin=${KAFKA_BIN:-/opt/kafka/bin}
ready=${READY:-/tmp/users-are-set}
rm -f "$ready"

set_password() {
    printf 'SCRAM-SHA-512=password=%s\n' "$2" | "$bin/kafka-configs.sh" --command-config "$here/itself.properties" \
        --bootstrap-server "$(setting advertised.listeners | sed 's|.*BROKER://||; s|,.*||')" \
        --alter --entity-type users --entity-name "$1" --add-config-file /dev/stdin
}

setting() {
    sed -n "s/^$1=//p" "$here/server.properties"
}

BROKER_PASSWORD=$(head -c 32 /dev/urandom | base64 | tr -dc '[:alnum:]')
export BROKER_PASSWORD

if [ ! -f "$(setting log.dirs)/meta.properties" ]; then
    "$bin/kafka-storage.sh" format --cluster-id="$("$bin/kafka-storage.sh" random-uuid)" \
        --config "$here/server.properties"
fi

(
    until set_password ovation_operator "$OPERATOR_PASSWORD" &&
        set_password ovation_gateway "$GATEWAY_PASSWORD" &&
        set_password ovation_jobs "$JOBS_PASSWORD"; do
        sleep 1
    done
    touch "$ready"
) &

unset OPERATOR_PASSWORD GATEWAY_PASSWORD JOBS_PASSWORD
exec "$bin/kafka-server-start.sh" "$here/server.properties"
