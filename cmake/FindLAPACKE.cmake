# SPDX-License-Identifier: MIT
# Finds LAPACKE with its LAPACK and BLAS and defines LAPACKE::lapacke.
find_path(LAPACKE_INCLUDE_DIR lapacke.h)
find_library(LAPACKE_LIBRARY lapacke)
find_library(OPENBLAS_LIBRARY openblas)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LAPACKE REQUIRED_VARS LAPACKE_LIBRARY OPENBLAS_LIBRARY LAPACKE_INCLUDE_DIR)
if(LAPACKE_FOUND AND NOT TARGET LAPACKE::lapacke)
  add_library(LAPACKE::lapacke UNKNOWN IMPORTED)
  set_target_properties(LAPACKE::lapacke PROPERTIES IMPORTED_LOCATION "${LAPACKE_LIBRARY}"
                        INTERFACE_INCLUDE_DIRECTORIES "${LAPACKE_INCLUDE_DIR}"
                        INTERFACE_LINK_LIBRARIES "${OPENBLAS_LIBRARY}")
endif()
mark_as_advanced(LAPACKE_INCLUDE_DIR LAPACKE_LIBRARY OPENBLAS_LIBRARY)
