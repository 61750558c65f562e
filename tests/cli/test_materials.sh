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

# Files of other programs, as they are.
printf ' TaN Density=14.3\n Energy(eV), Delta, Beta\n  90  0.055  0.034\n  92  0.054  0.033\n  94  0.053  0.032\n' >cxro.dat
accepted '0.94592167' materials cxro.dat --wavelength-nm 13.5
printf 'E(eV)\tf1\tf2\n10\t-9999.\t1.2\n91\t15.4\t1.2\n93\t15.2\t1.22\n' >mo.nff
accepted '10.22 g/cm3' materials mo.nff@10.22
refused 2 'write it behind the name' materials mo.nff
refused 2 'end in .csv' materials film.xls
printf '[mask.stack]\nreflector_material = "mo.nff@10.22"\n' >mirror.toml
accepted 'absorbed in mo.nff@10.22' multilayer mirror.toml
refused 2 'source.wavelength_nm = 6.7 (the films of the mirror are known from' multilayer --set source.wavelength_nm=6.7
refused 2 '--fit-peak-nm = 1000 (the films of the mirror are known from 9.' multilayer --fit-peak-nm 1000

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
