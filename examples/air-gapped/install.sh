#!/bin/sh
# Installs Pawl on a machine without a network, with its keys in a token of SoftHSM2: from an archive that was carried
# over, and its SHA-256, which came by another way. Again, with a newer archive, it is an upgrade.
set -eu
umask 077
[ $# -eq 4 ] && [ "${4#/}" != "$4" ] || { echo 'usage: install.sh pawl.tar.gz <sha256> /opt/pawl /var/lib/pawl' >&2; exit 64; }
archive=$1 sum=$2 program=$3 data=$4
module=${PKCS11_MODULE:-/usr/lib/softhsm/libsofthsm2.so}

# Nothing in it runs before it is known to be what was sent.
echo "$sum  $archive" | sha256sum --check --quiet
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
tar xzf "$archive" -C "$new"
"$new"/pawl-*/install.sh "$program"

# The keys of a vault that is there stay where they are.
if [ ! -e "$data/settings" ]; then
  mkdir -p "$data/tokens"
  echo "directories.tokendir = $data/tokens" > "$data/softhsm2.conf"
  for name in pin so-pin; do od -An -N16 -tx1 /dev/urandom | tr -d ' \n' > "$data/$name"; done
  export SOFTHSM2_CONF="$data/softhsm2.conf"
  "$program/bin/pawl" hsm init --module "$module" --pin-file "$data/pin" --so-pin-file "$data/so-pin"
  uri="pkcs11:token=pawl?module-path=$module&pin-source=file:$data/pin"
  # What a token cannot do shows here, before there is a vault.
  PAWL_HSM=$uri "$program/bin/pawl" hsm test
  cat > "$data/settings" << END
PAWL_DATA_DIR='$data/vault'
PAWL_HSM='$uri'
SOFTHSM2_CONF='$data/softhsm2.conf'
END
fi
echo "Start it with: (set -a; . $data/settings; exec $program/bin/pawl serve)"
