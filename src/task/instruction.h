// What the words of an instruction ask for, or leave open. Word lists, in English, and so never
// complete.

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace sca::task {

// Whether any of the words stands in it, in either case.
bool SpeaksOf(const std::string& instruction, std::initializer_list<std::string_view> words);

// "First", "sorted", "newest": it may matter what comes before what.
bool AsksForAnOrder(const std::string& instruction);

// "Highest", not "guest".
bool IsSuperlative(const std::string& lower_word);

// "In any order", "the order does not matter".
bool LeavesOrderFree(const std::string& instruction);

// "Sorted", "from the fastest to the slowest": a list in another order is wrong.
bool AsksForARanking(const std::string& instruction);

// "Queue", "priority": who comes first is part of how things are.
bool SpeaksOfAQueue(const std::string& instruction);

// "First", "then", "afterwards": what is to be done before what.
bool SaysWhatComesFirst(const std::string& instruction);

// Without what shows how to write an answer: "write it like 2025-01-31".
std::string WithoutExamples(const std::string& instruction);

// "In this order", "and only after that": calls in another order are wrong.
bool DemandsSequence(const std::string& instruction);

// In lower case: "How long does it last?" speaks of no last one.
std::string WithoutTheVerbLast(const std::string& instruction);

// Words that pick by place, "the last": which one a list has there is no accident.
bool SpeaksOfPlaces(const std::string& instruction);

// "The one with the highest number": ids tell themselves apart.
bool RanksIds(const std::string& instruction);

// A month, a day of the week or an id between two that it names: february in "january to march", p3
// in "P1 to P6".
bool StandsInARange(const std::string& instruction, const std::string& lower_name);

// Something may count twice: "two", "both", "there and back", "me and my wife".
bool SpeaksOfTwo(const std::string& instruction);

// The reader may choose which thing it is: "any free room".
bool LeavesChoice(const std::string& instruction);

// Says which of equals it means, or that there may be some: "the first of them", "in a tie".
bool SettlesTies(const std::string& instruction);

}  // namespace sca::task
