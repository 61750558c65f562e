#!/bin/sh
# SPDX-License-Identifier: MIT
# undulith materials: the library, a formula, a table of one's own, a range as CSV.
. "$(dirname "$0")/support.sh"

accepted 'absorption length' materials TaBN
accepted 'Ta2O5@8.2 at 13.4 nm' materials Ta2O5@8.2 --wavelength-nm 13.4
accepted '0.07338' materials Te
accepted 'formula and density' materials
accepted '13.1,' materials TaBN --from-nm 13 --to-nm 14 --step-nm 0.1
"$undulith" materials TaBN --from-nm 13 --to-nm 14 >tabn.csv || fail "no CSV"
accepted '21 rows of this file' materials tabn.csv
accepted_json materials tabn.csv --json
accepted_json materials Te@6 --json

refused 2 'optical constants of Mo at 193 nm are not known' materials Mo --wavelength-nm 193
refused 2 'the table covers 13 to 14 nm' materials tabn.csv --wavelength-nm 14.5
refused 2 "did you mean 'Ta'?" materials Tx2O5@8
refused 2 "density '80' of Ta2O5" materials Ta2O5@80
refused 2 'no such file' materials none.csv
printf 'wavelength_nm,n,k\n13,0.95,0.03\n14,0.95,-0.03\n' >gain.csv
refused 2 'gain.csv:3: k = -0.03' materials gain.csv
refused 2 'give NAME and both options' materials --from-nm 13 --to-nm 14
refused 2 'give only one of them' materials Mo --from-nm 13 --to-nm 14 --json
refused 2 'choose another range or step' materials Mo --from-nm 14 --to-nm 13
finish
