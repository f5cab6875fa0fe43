# sca_module(NAME [DEPENDS module...] [LIBRARIES target...])
#
# One folder of src/ is one library: `sca_NAME` from *.cc, `NAME_test` from *_test.cc. Files named
# *_main.cc belong to programs, and *_absent.cc / *_present.cc pairs are chosen by the caller through
# SCA_<NAME>_EXCLUDE (a regular expression of file names to leave out). A thing_fuzz.cc is a target of
# libFuzzer: a program of that name where SCA_FUZZ is on, and in NAME_test, for the inputs that are kept.
# Where another target stands in for the module in programs, SCA_<NAME>_IN_PROGRAMS names it.
#
# With SCA_TOGETHER, files of a module are compiled several at a time: their headers are read once.
# So no two of them may give one name to different things in their unnamed namespaces.
set(SCA_FILES_TOGETHER 10)
function(sca_module NAME)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/${NAME})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc)
  file(GLOB tests CONFIGURE_DEPENDS ${folder}/*_test.cc)
  file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.h)
  file(GLOB fuzz_targets CONFIGURE_DEPENDS ${folder}/*_fuzz.cc)
  list(FILTER sources EXCLUDE REGEX "(_test|_main|_fuzz)\\.cc$")
  string(TOUPPER ${NAME} upper)
  if(SCA_${upper}_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${SCA_${upper}_EXCLUDE}")
    list(FILTER tests EXCLUDE REGEX "${SCA_${upper}_EXCLUDE}")
  endif()

  add_library(sca_${NAME} STATIC ${sources})
  set_target_properties(sca_${NAME} PROPERTIES UNITY_BUILD ${SCA_TOGETHER}
                                               UNITY_BUILD_BATCH_SIZE ${SCA_FILES_TOGETHER})
  target_sources(sca_${NAME} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src
                                    FILES ${headers})
  set(depends)
  foreach(module ${ARG_DEPENDS})
    string(TOUPPER ${module} module_upper)
    if(SCA_${module_upper}_IN_PROGRAMS)
      list(APPEND depends ${SCA_${module_upper}_IN_PROGRAMS})
    else()
      list(APPEND depends sca_${module})
    endif()
  endforeach()
  target_link_libraries(sca_${NAME} PUBLIC ${depends} ${ARG_LIBRARIES} PRIVATE sca_warnings)

  if(SCA_BUILD_TESTS AND tests)
    add_executable(${NAME}_test ${tests} ${fuzz_targets})
    set_target_properties(${NAME}_test PROPERTIES UNITY_BUILD ${SCA_TOGETHER}
                                                  UNITY_BUILD_BATCH_SIZE ${SCA_FILES_TOGETHER})
    target_link_libraries(${NAME}_test PRIVATE sca_${NAME} sca_warnings GTest::gtest_main)
    target_compile_definitions(${NAME}_test PRIVATE SCA_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                    SCA_BINARY_DIR="${PROJECT_BINARY_DIR}")
    add_dependencies(${NAME}_test sca-zygote)
    gtest_discover_tests(${NAME}_test DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 300
                         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  endif()

  if(SCA_FUZZ)
    foreach(target ${fuzz_targets})
      cmake_path(GET target STEM stem)
      add_executable(${stem} ${target})
      target_link_libraries(${stem} PRIVATE sca_${NAME} sca_warnings -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()
