# Plays somebody with the database in his hands: meddle "STATEMENT". For stories and tests.
meddle() {
    if [ -n "${MINGBAI_DATABASE:-}" ]; then
        "$PSQL" --quiet --no-psqlrc --dbname "$MINGBAI_DATABASE" --command "$1"
    else
        "$PYTHON" -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()' \
            office/register/register.db "$1"
    fi
}
