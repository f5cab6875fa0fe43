# The programs: `sca` itself, and `sca-zygote`, the process that worlds and cells are forked from.
if(EXISTS ${PROJECT_SOURCE_DIR}/src/cli/sca_main.cc)
  add_executable(sca ${PROJECT_SOURCE_DIR}/src/cli/sca_main.cc)
  target_link_libraries(sca PRIVATE sca_cli sca_warnings)
  set_target_properties(sca PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()

# Single-threaded, on the system's CPython; started by sca from the folder where sca is. It has
# few libraries, because each makes a fork slower, and exports its names, because its clock stands
# before the C library's.
file(GLOB SCA_ZYGOTE_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/sandbox/zygote_*.cc)
list(FILTER SCA_ZYGOTE_SOURCES EXCLUDE REGEX "_test\\.cc$")
add_executable(sca-zygote ${SCA_ZYGOTE_SOURCES})
set_target_properties(sca-zygote PROPERTIES COMPILE_OPTIONS "" LINK_OPTIONS "")  # No sanitizers.
target_include_directories(sca-zygote PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(sca-zygote PRIVATE sca_warnings Python3::Python ${SECCOMP_LIBRARIES}
                                         -static-libstdc++ -static-libgcc)
set_target_properties(sca-zygote PROPERTIES ENABLE_EXPORTS ON
                                            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
