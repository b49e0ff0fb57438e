#include "app/command_line.hpp"

#include "base/edit_distance.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace vt::app {
namespace {

constexpr std::size_t kFarthest = 4;  // a word that differs in so many letters is another word

std::vector<const CLI::App*> subcommands(const CLI::App& app) {
    std::vector<const CLI::App*> all = app.get_subcommands([](const CLI::App*) { return true; });
    std::erase_if(all, [](const CLI::App* one) { return one->get_group().empty(); });  // not in the help either
    return all;
}

const CLI::App* subcommand(const CLI::App& app, std::string_view name) {
    for (const CLI::App* one : subcommands(app)) {
        if (one->get_name() == name) return one;
    }
    return nullptr;
}

struct Flag {
    std::string name;  ///< "--config"
    std::string meaning;
    bool takes_value = false;
};

/// The first line, of one sentence, without what a shell would read.
std::string short_meaning(const std::string& text) {
    std::string line = text.substr(0, text.find('\n'));
    std::erase_if(line, [](char c) {
        return c == '\'' || c == '"' || c == '`' || c == '\\' || c == '$' || c == ':' || c == '[' || c == ']';
    });
    return line;
}

std::vector<Flag> flags(const CLI::App& app) {
    std::vector<Flag> all;
    for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
        for (const std::string& name : option->get_lnames())
            all.push_back(
                {"--" + name, short_meaning(option->get_description()), option->get_items_expected_max() > 0});
    }
    return all;
}

/// Calls `visit` with each command and the words that lead to it, "" for the program itself.
void walk(const CLI::App& app, const std::string& path,
          const std::function<void(const CLI::App&, const std::string&)>& visit) {
    visit(app, path);
    for (const CLI::App* one : subcommands(app))
        walk(*one, path.empty() ? one->get_name() : path + " " + one->get_name(), visit);
}

std::string joined_words(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

/// Every path but the program's own, and every flag with a value, as patterns of a shell's `case`.
struct Patterns {
    std::string paths, valued;
};

Patterns patterns(const CLI::App& app) {
    std::vector<std::string> paths, valued;
    walk(app, "", [&](const CLI::App& command, const std::string& path) {
        if (!path.empty()) paths.push_back("\"" + path + "\"");
        for (const Flag& flag : flags(command)) {
            if (flag.takes_value && std::ranges::find(valued, flag.name) == valued.end()) valued.push_back(flag.name);
        }
    });
    return {joined_words(paths, "|"), joined_words(valued, "|")};
}

std::string bash_script(const CLI::App& app) {
    const auto [paths, valued] = patterns(app);
    std::string cases;
    walk(app, "", [&](const CLI::App& command, const std::string& path) {
        std::vector<std::string> words;
        for (const CLI::App* one : subcommands(command)) words.push_back(one->get_name());
        for (const Flag& flag : flags(command)) words.push_back(flag.name);
        cases += "        \"" + path + "\") words=\"" + joined_words(words, " ") + "\" ;;\n";
    });
    return "_virtuoso() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= words= i longer\n"
           "    for ((i = 1; i < COMP_CWORD; ++i)); do\n"
           "        longer=\"${path:+$path }${COMP_WORDS[i]}\"\n"
           "        case \"$longer\" in " +
           paths +
           ") path=$longer ;; esac\n"
           "    done\n"
           "    case \"$previous\" in " +
           valued +
           ") COMPREPLY=($(compgen -f -- \"$current\")); return ;; esac\n"
           "    case \"$path\" in\n" +
           cases +
           "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "    [[ ${#COMPREPLY[@]} -gt 0 || $current == -* || -z $path ]] || COMPREPLY=($(compgen -f -- "
           "\"$current\"))\n"
           "}\n"
           "complete -o filenames -F _virtuoso virtuoso\n";
}

std::string zsh_script(const CLI::App& app) {
    const auto [paths, valued] = patterns(app);
    std::string cases;
    walk(app, "", [&](const CLI::App& command, const std::string& path) {
        std::string commands, options;
        for (const CLI::App* one : subcommands(command))
            commands += " '" + one->get_name() + ":" + short_meaning(one->get_description()) + "'";
        for (const Flag& flag : flags(command)) options += " '" + flag.name + ":" + flag.meaning + "'";
        cases += "        \"" + path + "\") commands=(" + commands + " ) options=(" + options + " ) ;;\n";
    });
    return "#compdef virtuoso\n"
           "_virtuoso() {\n"
           "    local command_path= word longer\n"
           "    local -a commands options\n"
           "    for word in \"${words[@]:1:$((CURRENT - 2))}\"; do\n"
           "        longer=\"${command_path:+$command_path }$word\"\n"
           "        case \"$longer\" in (" +
           paths +
           ") command_path=$longer ;; esac\n"
           "    done\n"
           "    case \"${words[CURRENT-1]}\" in (" +
           valued +
           ") _files; return ;; esac\n"
           "    case \"$command_path\" in\n" +
           cases +
           "    esac\n"
           "    (( ${#commands} )) && _describe -t commands command commands\n"
           "    if [[ ${words[CURRENT]} == -* || ${#commands} -eq 0 ]]; then _describe -t options option options; "
           "fi\n"
           "    (( ${#commands} )) || _files\n"
           "}\n"
           "compdef _virtuoso virtuoso\n";
}

std::string fish_script(const CLI::App& app) {
    const auto [paths, valued] = patterns(app);
    std::vector<std::string> known;
    walk(app, "", [&](const CLI::App&, const std::string& path) {
        if (!path.empty()) known.push_back("'" + path + "'");
    });
    std::string out =
        "function __virtuoso_at\n"
        "    set -l path ''\n"
        "    for word in (commandline -opc)[2..]\n"
        "        set -l longer (string trim -- \"$path $word\")\n"
        "        if contains -- $longer " +
        joined_words(known, " ") +
        "\n"
        "            set path $longer\n"
        "        end\n"
        "    end\n"
        "    test \"$path\" = \"$argv\"\n"
        "end\n"
        "complete -c virtuoso -f -n \"__virtuoso_at ''\"\n";
    walk(app, "", [&](const CLI::App& command, const std::string& path) {
        const std::string at = "complete -c virtuoso -n \"__virtuoso_at '" + path + "'\" ";
        for (const CLI::App* one : subcommands(command))
            out += at + "-f -a " + one->get_name() + " -d '" + short_meaning(one->get_description()) + "'\n";
        for (const Flag& flag : flags(command))
            out +=
                at + "-l " + flag.name.substr(2) + (flag.takes_value ? " -r" : "") + " -d '" + flag.meaning + "'\n";
    });
    return out;
}

}  // namespace

std::string suggestion(const CLI::App& app, const std::vector<std::string>& words) {
    const CLI::App* at = &app;
    std::string path;
    for (const std::string& word : words) {
        if (word.empty() || word.front() == '-') return {};  // a flag, and behind it perhaps its value
        const std::vector<const CLI::App*> all = subcommands(*at);
        if (all.empty()) return {};
        if (const CLI::App* known = subcommand(*at, word)) {
            at = known;
            path += (path.empty() ? "" : " ") + word;
            continue;
        }
        std::string nearest;
        std::size_t distance = kFarthest;
        for (const CLI::App* one : all) {
            const std::size_t d = edit_distance(word, one->get_name());
            if (d >= distance) continue;
            distance = d;
            nearest = one->get_name();
        }
        return nearest.empty() ? nearest : path + (path.empty() ? "" : " ") + nearest;
    }
    return {};
}

std::string completion_script(const CLI::App& app, const std::string& shell) {
    return shell == "bash" ? bash_script(app) : shell == "zsh" ? zsh_script(app) : fish_script(app);
}

}  // namespace vt::app
