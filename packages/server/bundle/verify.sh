#!/bin/sh
# Says whether every file here is as it was packed, and whether there is any other. Says nothing when all is well.
# That nobody packed something else is what the SHA-256 of the archive is for.
set -eu
cd "${1:-$(dirname "$(readlink -f "$0")")}"
sums=$(sed -n 's/^    "\(.*\)": "\([0-9a-f]\{64\}\)",\{0,1\}$/\2  \1/p' manifest.json)
status=0
echo "$sums" | sha256sum -c --quiet - || status=1
packed=$(echo "$sums" | sed 's/^[0-9a-f]*  //')
others=$({ echo manifest.json; echo "$packed"; echo "$packed"; find . ! -type d | sed 's:^\./::'; } | sort | uniq -u)
if [ -n "$others" ]; then
  echo "$others" | sed 's/$/: is not part of the bundle/'
  status=1
fi
exit $status
