# SPDX-License-Identifier: MIT
# Compiler settings and the two helpers that every folder of src/ uses.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -O3 takes a third longer to compile; the time goes into FFTW and OpenBLAS, which it does not touch.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
# ccache compares a precompiled header by content only with these two allowances.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE_PROGRAM}")
endif()

add_library(undulith_options INTERFACE)
# gold links a program in a third of the time of the default linker.
include(CheckLinkerFlag)
check_linker_flag(CXX -fuse-ld=gold UNDULITH_HAS_GOLD)
if(UNDULITH_HAS_GOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT UNDULITH_SANITIZE)
  target_link_options(undulith_options INTERFACE -fuse-ld=gold)
endif()
target_compile_options(undulith_options INTERFACE
  -Wall -Wextra -Wconversion -Wno-sign-conversion -ffp-contract=off $<$<CXX_COMPILER_ID:GNU>:-fcx-fortran-rules>
  -fno-math-errno)
# Members that a designated initialiser leaves out take their default: that is what it is for.
target_compile_options(undulith_options INTERFACE -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(undulith_options INTERFACE -Wno-restrict) # false alarms on std::string (GCC bug 105651)
endif()
if(UNDULITH_WERROR)
  target_compile_options(undulith_options INTERFACE -Werror)
endif()
if(UNDULITH_NATIVE)
  target_compile_options(undulith_options INTERFACE -march=native)
endif()
if(UNDULITH_FUZZ) # clang: every file reports to libFuzzer where the input led, and a fault ends the program
  set(UNDULITH_SANITIZE fuzzer-no-link,address,undefined)
  set(UNDULITH_UNITY ON)
  target_compile_options(undulith_options INTERFACE -fno-sanitize-recover=undefined -O1 -g)
endif()
if(UNDULITH_SANITIZE)
  target_compile_options(undulith_options INTERFACE -fsanitize=${UNDULITH_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(undulith_options INTERFACE -fsanitize=${UNDULITH_SANITIZE})
  # False alarms of g++ on moved members (std::optional), caused by the checks that the sanitizers insert.
  target_compile_options(undulith_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(UNDULITH_SANITIZE MATCHES "address")
    target_compile_definitions(undulith_options INTERFACE _GLIBCXX_ASSERTIONS)
    # A check of each reference for null and alignment takes half of the time of compilation; the fuzz targets have them.
    if(NOT UNDULITH_FUZZ)
      target_compile_options(undulith_options INTERFACE -fno-sanitize=null,alignment,vptr)
    endif()
  endif()
endif()

# Headers alone: whoever links Undulith need not have them.
set(UNDULITH_HEADER_ONLY Eigen3::Eigen Boost::headers nlohmann_json::nlohmann_json)

# Two things make the build faster:
#   precompiled headers  on unless CMAKE_DISABLE_PRECOMPILE_HEADERS. The preset dev goes without them, so that it
#                        finds a file that does not include what it uses.
#   UNDULITH_UNITY       several source files of a module in one compilation, so names of file scope are unique
#                        within a module. run.sh and test.sh turn it on.
option(UNDULITH_UNITY "Compile several source files at once: a full build takes half the time" OFF)
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
if(UNDULITH_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Warns of every class that is not in the file being compiled, as if it were in a header.
  target_compile_options(undulith_options INTERFACE -Wno-subobject-linkage)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13 AND
   NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  # False alarms on std::string: a precompiled header no longer counts as a header of the system.
  target_compile_options(undulith_options INTERFACE -Wno-array-bounds)
endif()

# undulith_precompile(<name> HEADERS <header>... LIBRARIES <target>...): an object library, undulith_precompiled_<name>,
# that owns precompiled headers.
function(undulith_precompile name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;LIBRARIES")
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/precompiled/${name}.cpp" CONTENT "")
  add_library(undulith_precompiled_${name} OBJECT "${CMAKE_CURRENT_BINARY_DIR}/precompiled/${name}.cpp")
  target_link_libraries(undulith_precompiled_${name} PRIVATE undulith_options ${arg_LIBRARIES})
  target_precompile_headers(undulith_precompiled_${name} PRIVATE ${arg_HEADERS})
endfunction()
set(UNDULITH_STANDARD_HEADERS <algorithm> <array> <charconv> <cmath> <complex> <cstdint> <filesystem> <functional>
    <limits> <map> <memory> <numbers> <optional> <set> <span> <stdexcept> <string> <string_view> <utility> <vector>
    <fmt/format.h>)
undulith_precompile(standard HEADERS ${UNDULITH_STANDARD_HEADERS} LIBRARIES fmt::fmt)
undulith_precompile(json HEADERS ${UNDULITH_STANDARD_HEADERS} <nlohmann/json.hpp>
                    LIBRARIES fmt::fmt nlohmann_json::nlohmann_json)

# undulith_use_precompiled(<target> <name>): the headers that undulith_precompile(<name>) owns.
function(undulith_use_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM undulith_precompiled_${name})
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE") # they were compiled with -fPIC; CMake would give a program -fPIE
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
endfunction()

# undulith_build_fast(<target> [<third-party target>...])
function(undulith_build_fast target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${UNDULITH_UNITY} UNITY_BUILD_BATCH_SIZE 16)
  if("nlohmann_json::nlohmann_json" IN_LIST ARGN)
    undulith_use_precompiled(${target} json)
  elseif("fmt::fmt" IN_LIST ARGN)
    undulith_use_precompiled(${target} standard)
  endif()
endfunction()

# undulith_module(<name> [<third-party target>...]): all sources of this folder, as a part of the library.
# The objects go in as sources, so that the installed package knows of one library and what it needs to link.
function(undulith_module name)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp")
  if(NOT sources) # a module of headers only
    return()
  endif()
  add_library(undulith_${name} OBJECT ${sources})
  target_include_directories(undulith_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include"
                             "${PROJECT_BINARY_DIR}/include" PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(undulith_${name} PRIVATE undulith_options ${ARGN})
  undulith_build_fast(undulith_${name} ${ARGN})
  target_sources(undulith PRIVATE $<TARGET_OBJECTS:undulith_${name}>)
  set(linked ${ARGN})
  list(REMOVE_ITEM linked ${UNDULITH_HEADER_ONLY})
  target_link_libraries(undulith PRIVATE ${linked})
endfunction()

# undulith_for_all_vectors(<file>...): files that Highway compiles once for each vector width, so that they
# include themselves. With sanitizers for one width only: with all of them a file takes minutes.
function(undulith_for_all_vectors)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
  if(UNDULITH_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS HWY_COMPILE_ONLY_STATIC)
  endif()
endfunction()
