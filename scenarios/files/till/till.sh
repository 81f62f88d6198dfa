#!/bin/sh
# Prints a bill. It needs the library money, which is looked for where libraries are.
. /usr/local/lib/money.sh
echo "money $MONEY_VERSION"
echo "Total: $(amount 1999)"
