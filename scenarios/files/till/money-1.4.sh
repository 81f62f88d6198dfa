MONEY_VERSION=1.4
# An amount of money, from cents.
amount() { echo "$(($1 / 100)) EUR"; }
