# The programs: `sca` itself, and `sca-zygote`, the process that worlds and cells are forked from.
if(EXISTS ${PROJECT_SOURCE_DIR}/src/cli/sca_main.cc)
  add_executable(sca ${PROJECT_SOURCE_DIR}/src/cli/sca_main.cc)
  target_link_libraries(sca PRIVATE sca_cli sca_warnings)
  set_target_properties(sca PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()

# The trainer, which the programs open when they first need it (src/train/library.h). It exports one
# name, and uses its own copies of all else.
if(SCA_WITH_TORCH)
  add_library(sca-train MODULE ${PROJECT_SOURCE_DIR}/src/train/library_main.cc)
  target_link_libraries(sca-train PRIVATE sca_train sca_warnings -Wl,-Bsymbolic
                                          -Wl,--exclude-libs,ALL)
  set_target_properties(sca-train PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  add_library(sca_train_loaded STATIC ${PROJECT_SOURCE_DIR}/src/train/loaded.cc)
  target_link_libraries(sca_train_loaded PUBLIC sca_base sca_domain ${CMAKE_DL_LIBS}
                                         PRIVATE sca_warnings)
  add_dependencies(sca_train_loaded sca-train)
endif()

# Single-threaded, on the system's CPython; started by sca from the folder where sca is. Each
# library that is mapped makes a fork slower, so that CPython and what it needs are parts of the
# program, where their packages have them so. Its segments begin where huge pages do
# (src/sandbox/zygote_code.h), and it exports its names, because its clock stands before the C
# library's and CPython's modules look for CPython there.
file(GLOB SCA_ZYGOTE_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/sandbox/zygote_*.cc)
list(FILTER SCA_ZYGOTE_SOURCES EXCLUDE REGEX "_test\\.cc$")
add_executable(sca-zygote ${SCA_ZYGOTE_SOURCES})
set_target_properties(sca-zygote PROPERTIES COMPILE_OPTIONS "" LINK_OPTIONS "")  # No sanitizers.
target_include_directories(sca-zygote PRIVATE ${PROJECT_SOURCE_DIR}/src ${Python3_INCLUDE_DIRS})
set(SCA_PYTHON ${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR})
file(GLOB SCA_PYTHON_ARCHIVE /usr/lib/python${SCA_PYTHON}/config-*/libpython${SCA_PYTHON}-pic.a)
find_library(SCA_EXPAT_ARCHIVE libexpat.a)
find_library(SCA_ZLIB_ARCHIVE libz.a)
find_library(SCA_SECCOMP_ARCHIVE libseccomp.a)
if(SCA_PYTHON_ARCHIVE AND SCA_EXPAT_ARCHIVE AND SCA_ZLIB_ARCHIVE AND SCA_SECCOMP_ARCHIVE)
  set(SCA_ZYGOTE_LIBRARIES ${SCA_PYTHON_ARCHIVE} ${SCA_EXPAT_ARCHIVE} ${SCA_ZLIB_ARCHIVE}
                           ${SCA_SECCOMP_ARCHIVE} m ${CMAKE_DL_LIBS})
else()
  set(SCA_ZYGOTE_LIBRARIES Python3::Python ${SECCOMP_LIBRARIES})
endif()
target_link_libraries(sca-zygote PRIVATE sca_warnings ${SCA_ZYGOTE_LIBRARIES} -static-libstdc++
                                         -static-libgcc -Wl,-z,max-page-size=2097152)
set_target_properties(sca-zygote PROPERTIES ENABLE_EXPORTS ON
                                            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
