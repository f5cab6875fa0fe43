# Tests of the tree as a whole, in Python: its style, and the built program `sca` from outside.
if(NOT SCA_BUILD_TESTS)
  return()
endif()

add_test(NAME tidy COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/tidy.py)
add_test(NAME tidy_test COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/tidy_test.py)
set_tests_properties(tidy tidy_test PROPERTIES LABELS style)

# Confinement must hold for whoever starts it: once more without root.
add_test(NAME hostile_programs_as_ordinary_user
         COMMAND ${PROJECT_SOURCE_DIR}/tests/hostile/as_ordinary_user.sh $<TARGET_FILE:env_test>
                 --gtest_filter=*HostilePrograms*)
set_tests_properties(hostile_programs_as_ordinary_user
                     PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300 COST 100)  # Long: it begins early.

# These drive the program that this folder builds, with a model and the trainer in it.
set(sca_integration_tests)
if(SCA_WITH_LLAMA AND SCA_WITH_TORCH)
  set(sca_integration_tests bad_input kill_and_resume)
endif()
foreach(name ${sca_integration_tests})
  add_test(NAME ${name}
           COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/integration/${name}_test.py)
  set_tests_properties(${name} PROPERTIES LABELS integration TIMEOUT 1800 RUN_SERIAL ON
                                          ENVIRONMENT SCA_PROGRAM=$<TARGET_FILE:sca>)
endforeach()
