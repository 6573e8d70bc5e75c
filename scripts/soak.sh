#!/usr/bin/env bash
# The proofs of the loan arithmetic at length: a million lives against the day-by-day oracle, a million proofs
# of ПСК, a hundred thousand cases of every property, a hundred thousand histories of a loan,
# a hundred thousand requests for codes, a thousand deaths of the real program. RUNS= sets the million; SEED= repeats a
# run: it is printed.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

RUNS="${RUNS:-1000000}"
SEED="${SEED:-$(date +%s)000000}"
case "$RUNS$SEED" in *[!0-9]*) die "RUNS and SEED are whole numbers" ;; esac

export KOPECK_ORACLE_RUNS="$RUNS" KOPECK_ORACLE_SEED="$SEED"
export KOPECK_PSK_RUNS="$RUNS" KOPECK_PSK_SEED="$SEED"
export KOPECK_PROPERTY_RUNS=$((RUNS / 10)) KOPECK_PROPERTY_SEED="$SEED"

note "Again the same: SEED=$SEED RUNS=$RUNS make soak"
for test in oracle psk_proof properties; do
  cargo test -p lending --test "$test" "$@" -- --nocapture
done

# Whole histories through the use cases, on PostgreSQL too where KOPECK_TEST_POSTGRES names a server; lives cut short
# at every point; news in every order and number.
export KOPECK_SIM_RUNS=$((RUNS / 10)) KOPECK_SIM_SEED="$SEED" KOPECK_SIM_LIVES=20
cargo test -p cabinet --test simulator "$@" -- --nocapture no_history any_point
KOPECK_CALLBACKS=200 KOPECK_CALLBACK_ORDERS=720 cargo test -p cabinet --test callbacks "$@"

# A hundred thousand requests for codes from thousands of networks: what an attack by messages costs.
export KOPECK_SOAK_REQUESTS=$((RUNS / 10))
cargo test -p cabinet --test limits_of_access "$@" -- --nocapture an_attack_by_messages

# The real program killed a thousand times, a thousand answers followed, its disk failing at three hundred calls.
scripts/test.sh programs
CHAOS_KILLS=$((RUNS / 1000)) CHAOS_ANSWERS=$((RUNS / 1000)) CHAOS_FAULTS=$((RUNS / 3334)) scripts/chaos.sh
# A thousand rounds of guesses sent at once, each of which three may be compared of.
export KOPECK_RACE_ROUNDS=$((RUNS / 1000))
cargo test -p cabinet --test guesses "$@" -- --nocapture of_hundreds_of_guesses
