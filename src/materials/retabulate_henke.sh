#!/bin/sh
# SPDX-License-Identifier: MIT
# Cuts the Henke/CXRO tables of atomic scattering factors to the range that lithography needs.
#
#   usage: retabulate_henke.sh FOLDER_OF_NFF_FILES [OLDER_FOLDER ELEMENT...] > henke_f1f2.csv
#
# All elements of the first folder; from the second, the elements named. Each <element>.nff has a header line and the
# columns energy in eV, f1, f2. The numbers are copied as they are written, at the table's own energies, so that
# interpolation between them is that of the original. Kept are the energies in 60..131 eV and one on either side.
set -eu
folder=$1
shift
older=${1:-}
[ $# -eq 0 ] || shift

cut_table() {  # cut_table FILE
  stem=$(basename "$1" .nff)
  symbol=$(printf '%s' "$stem" | cut -c1 | tr '[:lower:]' '[:upper:]')$(printf '%s' "$stem" | cut -c2-)
  tr -d '\r' < "$1" | awk -v symbol="$symbol" '
    NR == 1 || NF < 3 { next }
    $1 < 60  { before = symbol "," $1 "," $2 "," $3; next }
    before != "" { print before; before = "" }
    { print symbol "," $1 "," $2 "," $3 }
    $1 > 131 { exit }'
}

cat <<HEADER
# Atomic scattering factors f1 and f2 from 60 to 131 eV (9.5 to 20.7 nm) and one energy on either side.
# Source: B. L. Henke, E. M. Gullikson, J. C. Davis, At. Data Nucl. Data Tables 54, 181-342 (1993), with the later
#   updates of the Center for X-Ray Optics, as distributed with the Python package periodictable: version 1.6.0 for
#   $*;
#   a later one, with the updates of August 2023, for all others.
# Licence: public domain.
# Made by retabulate_henke.sh. Energies and digits are those of the original tables.
element,energy_ev,f1,f2
HEADER
for file in "$folder"/*.nff; do
  cut_table "$file"
done
for element in "$@"; do
  cut_table "$older/$(printf '%s' "$element" | tr '[:upper:]' '[:lower:]').nff"
done
