MONEY_VERSION=2.0
# An amount of money, from cents. New: the cents are shown.
amount() { printf '%d.%02d EUR\n' "$(($1 / 100))" "$(($1 % 100))"; }
