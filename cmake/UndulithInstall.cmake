# SPDX-License-Identifier: MIT
# cmake --install: program, library, headers, package file for find_package, layouts, examples, man page; and the .deb.
include(CMakePackageConfigHelpers)

set(data_dir "${CMAKE_INSTALL_DATADIR}/undulith")
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Undulith")

set_target_properties(undulith_cli PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
set_target_properties(undulith PROPERTIES LINKER_LANGUAGE CXX)
install(TARGETS undulith_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(TARGETS undulith EXPORT UndulithTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/undulith" "${PROJECT_BINARY_DIR}/include/undulith"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(EXPORT UndulithTargets NAMESPACE undulith:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/UndulithConfig.cmake.in "${PROJECT_BINARY_DIR}/UndulithConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/UndulithConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/UndulithConfig.cmake" "${PROJECT_BINARY_DIR}/UndulithConfigVersion.cmake"
  cmake/FindFFTW3.cmake cmake/FindGLPK.cmake cmake/FindLAPACKE.cmake DESTINATION "${package_dir}")

# What a job or `undulith verify` may name. Folders may be absent from a stripped-down source tree.
install(DIRECTORY masks examples DESTINATION "${data_dir}" OPTIONAL)
install(DIRECTORY tests/reference/ DESTINATION "${data_dir}/reference" OPTIONAL)
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/undulith" RENAME copyright)

# Written by the program from its own command table, so that they cannot disagree with it.
set(generated "${PROJECT_BINARY_DIR}/share")
add_custom_command(OUTPUT "${generated}/undulith.1" "${generated}/undulith.bash" "${generated}/_undulith"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${generated}"
  COMMAND undulith_cli completions man > "${generated}/undulith.1"
  COMMAND undulith_cli completions bash > "${generated}/undulith.bash"
  COMMAND undulith_cli completions zsh > "${generated}/_undulith"
  DEPENDS undulith_cli COMMENT "Writing the man page and the shell completions" VERBATIM)
add_custom_target(undulith_man ALL DEPENDS "${generated}/undulith.1")
install(FILES "${generated}/undulith.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${generated}/undulith.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  RENAME undulith)
install(FILES "${generated}/_undulith" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")

if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME undulith)
  set(CPACK_PACKAGE_CONTACT "The Undulith maintainers <undulith@localhost>")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION science)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-dejavu-core")
  # Only for those who link the library into a program of their own.
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libfftw3-dev, liblapacke-dev, libopenblas-dev, libpng-dev, zlib1g-dev, libssl-dev, libsqlite3-dev, libfmt-dev, libspdlog-dev, libtbb-dev, libtomlplusplus-dev, libcairo2-dev, libnlopt-dev, libnlopt-cxx-dev, libglpk-dev, libhwy-dev, pkg-config, cmake")
  include(CPack)
endif()
