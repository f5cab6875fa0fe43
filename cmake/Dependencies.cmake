# Everything that comes from outside, found in one place. tools/install_packages.sh installs it.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(SQLite3 REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(SECCOMP REQUIRED libseccomp)
set(SCA_SANDBOX_EXCLUDE "/zygote_(main|python|heap|nursery|code|clock|confine|floor|channel|json)\\.cc$")  # Of sca-zygote alone.
find_package(tomlplusplus QUIET)
if(NOT TARGET tomlplusplus::tomlplusplus)
  pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
  add_library(tomlplusplus::tomlplusplus ALIAS PkgConfig::TOMLPLUSPLUS)
endif()

# The Python that worlds run on is the system's, whatever `python3` is first in PATH.
set(Python3_ROOT_DIR /usr)
set(Python3_FIND_STRATEGY LOCATION)
find_package(Python3 REQUIRED COMPONENTS Interpreter Development.Embed)

if(SCA_WITH_LLAMA)
  include(Llama)
  set(SCA_LLAMA_LIBRARIES llama ggml)
  set(SCA_LLM_EXCLUDE "_absent\\.cc$")
  # Its class has parts of unnamed types, which gcc takes for a mistake in an included file.
  set_source_files_properties(${PROJECT_SOURCE_DIR}/src/llm/llama_model.cc
                              PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
else()
  set(SCA_LLM_EXCLUDE "llama_model(_test)?\\.cc$")
  message(STATUS "SCA_WITH_LLAMA is off: models in process are not built in")
endif()

if(SCA_WITH_TORCH)
  include(Torch)
  set(SCA_TRAIN_EXCLUDE "(_absent|/loaded)\\.cc$")
  set(SCA_TRAIN_IN_PROGRAMS sca_train_loaded)  # cmake/Programs.cmake
else()
  set(SCA_TRAIN_EXCLUDE "(adapter_file|blas|decoder|loaded|lora_layout|model_file|output_head|tensor_[a-z]*|tiny_gguf|trainer)(_test)?\\.cc$")
  message(STATUS "SCA_WITH_TORCH is off: the trainer is not built in")
endif()

add_library(sca_warnings INTERFACE)
target_compile_options(sca_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
# Designated initialisers leave out what has a default on purpose.
target_compile_options(sca_warnings INTERFACE -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(sca_warnings INTERFACE -Wno-restrict)  # False alarms on std::string, GCC 105651.
endif()
if(SCA_SANITIZE)
  add_compile_options(-fsanitize=${SCA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SCA_SANITIZE})
endif()

if(SCA_FUZZ AND NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
  message(FATAL_ERROR "SCA_FUZZ needs clang, which has libFuzzer: use the preset fuzz, or add "
                      "-DCMAKE_CXX_COMPILER=clang++.")
endif()

if(SCA_BUILD_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
