#!/bin/sh
# Installs what it lies beside: `install.sh /opt/pawl`. Over an older one it is an upgrade. Nothing is changed when the
# bundle is damaged, or made for another machine, or when anything else, such as a vault, lies where it would go.
set -eu
umask 022
here=$(dirname "$(readlink -f "$0")")
to=${1:-}
case $to in
  /*) ;;
  *) echo 'usage: install.sh /opt/pawl' >&2; exit 64 ;;
esac
"$here/verify.sh" || { echo 'pawl: the bundle is damaged. Carry it over again.' >&2; exit 1; }
"$here/bin/pawl" --version >/dev/null
if [ -e "$to" ] && ! "$here/verify.sh" "$to"; then
  echo "pawl: $to holds something else than Pawl as it was installed. Move that away, and install again." >&2
  exit 1
fi
mkdir -p "$(dirname "$to")"
new=$(mktemp -d "$to.XXXXXX")
trap 'rm -rf "$new"' EXIT
cp -R "$here" "$new/new"
chmod -R u=rwX,go=rX "$new/new"
[ ! -e "$to" ] || mv "$to" "$new/old"
mv "$new/new" "$to"
echo "Pawl $("$to/bin/pawl" --version) is in $to. Start it with: $to/bin/pawl serve"
