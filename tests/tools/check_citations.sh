#!/bin/sh
# SPDX-License-Identifier: MIT
# Every [Key] cited in code and documentation has an entry in docs/references.bib, and every entry is cited.
set -eu
cd "$(dirname "$0")/../.."
cited=$(grep -rhoE '\[([A-Z][A-Za-z]*[0-9]{4}[a-z]?|CIE15|XrayDataBooklet)\]' include src docs --include='*.hpp' --include='*.cpp' \
  --include='*.md' --include='*.csv' --include='*.sh' | tr -d '[]' | sort -u)
listed=$(sed -n 's/^@[a-z]*{\([A-Za-z0-9]*\),.*/\1/p' docs/references.bib | sort -u)
status=0
for key in $cited; do
  echo "$listed" | grep -qx "$key" || { echo "[$key] is cited but not in docs/references.bib"; status=1; }
done
for key in $listed; do
  echo "$cited" | grep -qx "$key" || { echo "$key is in docs/references.bib but nowhere cited"; status=1; }
done
exit $status
