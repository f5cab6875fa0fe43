# The programs: `sca` itself, and `sca-zygote`, the process that worlds and cells are forked from.
if(EXISTS ${PROJECT_SOURCE_DIR}/src/cli/sca_main.cc)
  add_executable(sca ${PROJECT_SOURCE_DIR}/src/cli/sca_main.cc)
  target_link_libraries(sca PRIVATE sca_cli sca_warnings)
  set_target_properties(sca PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()

# Single-threaded, on the system's CPython; started by sca from the folder where sca is.
add_executable(sca-zygote ${PROJECT_SOURCE_DIR}/src/sandbox/zygote_main.cc)
target_link_libraries(sca-zygote PRIVATE sca_sandbox sca_warnings Python3::Python)
