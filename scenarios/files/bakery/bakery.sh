#!/bin/sh
# Makes a page of the menu and gives it out.
mkdir -p www
jq -r '.breads[] | "\(.name): \(.price) EUR"' menu.json > www/index.html || exit 1
echo "The bakery in ${TOWN:-no town} is open"
exec httpd -f -p 8000 -h www
