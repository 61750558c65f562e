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
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(undulith_options INTERFACE)
target_compile_options(undulith_options INTERFACE
  -Wall -Wextra -Wconversion -Wno-sign-conversion -ffp-contract=off -fcx-fortran-rules -fno-math-errno)
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
if(UNDULITH_SANITIZE)
  target_compile_options(undulith_options INTERFACE -fsanitize=${UNDULITH_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(undulith_options INTERFACE -fsanitize=${UNDULITH_SANITIZE})
  if(UNDULITH_SANITIZE MATCHES "address")
    target_compile_definitions(undulith_options INTERFACE _GLIBCXX_ASSERTIONS)
  endif()
endif()

# Headers alone: whoever links Undulith need not have them.
set(UNDULITH_HEADER_ONLY Eigen3::Eigen Boost::headers nlohmann_json::nlohmann_json)

# undulith_module(<name> [<third-party target>...]): all sources of this folder, as a part of the library.
# The objects go in as sources, so that the installed package knows of one library and what it needs to link.
function(undulith_module name)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(NOT sources) # a module of headers only
    return()
  endif()
  add_library(undulith_${name} OBJECT ${sources})
  target_include_directories(undulith_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include"
                             "${PROJECT_BINARY_DIR}/include" PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(undulith_${name} PRIVATE undulith_options ${ARGN})
  target_sources(undulith PRIVATE $<TARGET_OBJECTS:undulith_${name}>)
  set(linked ${ARGN})
  list(REMOVE_ITEM linked ${UNDULITH_HEADER_ONLY})
  target_link_libraries(undulith PRIVATE ${linked})
endfunction()
