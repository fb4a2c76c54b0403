// SourceOverlay is the file system that clang reads through. Until the first pass begins, files
// with annotations come split; later they come masked or, once the first pass is done, rewritten.
// Every other file comes as it is.
//
// Ownership: shared by reference count with clang's FileManager. Threading: one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "compiler/frontend/split_file.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace ray::compiler {

class SourceOverlay : public llvm::vfs::ProxyFileSystem {
 public:
  struct AnnotatedFile {
    std::string original;
    MaskedSource masked;
  };

  explicit SourceOverlay(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> below)
      : ProxyFileSystem(std::move(below)) {}

  // The file at `path`, which holds `text`, comes split whether or not there are annotations in it.
  const SplitFile& split(const std::string& path, std::string text, bool has_head = true);
  // So do these.
  void split_always(std::set<std::string> paths) { always_split_ = std::move(paths); }
  // No others do.
  void split_asked_only() { splits_annotated_ = false; }
  // No file that is opened from now on comes split.
  void stop_splitting() { splits_ = false; }
  // From now on `path` reads as `text`.
  void replace(const std::string& path, std::string text) { replaced_[path] = std::move(text); }

  // What was opened as `path`, or null.
  const SplitFile* find_split(const std::string& path) const;
  const std::map<std::string, SplitFile>& split_files() const { return split_; }
  // Those that did not come split, by the path they were opened with.
  const std::map<std::string, AnnotatedFile>& annotated_files() const { return annotated_; }
  // What reading the rest of `file` gives.
  const std::string& rest_of(const SplitFile& file) const;
  // Whether ray/ray.h has been opened.
  bool has_seen_library() const { return has_seen_library_; }

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override;

 private:
  // What is to be read instead of `text`, or null.
  const std::string* text_of(const std::string& path, llvm::StringRef text);

  bool splits_ = true;
  bool splits_annotated_ = true;
  std::set<std::string> always_split_;
  std::map<std::string, SplitFile> split_;
  std::map<std::string, AnnotatedFile> annotated_;
  std::map<std::string, std::string> replaced_;
  bool has_seen_library_ = false;
};

}  // namespace ray::compiler
