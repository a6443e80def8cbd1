// Command manifests renders what deploy/ holds, with the libraries of the tools that operators use.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "expected: manifests compose FILE [PROFILE...] | kustomize DIR")
		os.Exit(2)
	}
	text, err := render(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(text)
}

func render(kind, path string, profiles []string) ([]byte, error) {
	switch kind {
	case "compose":
		return compose(path, profiles)
	case "kustomize":
		found, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), path)
		if err != nil {
			return nil, err
		}
		return found.AsYaml()
	}
	return nil, fmt.Errorf("%q: expected compose or kustomize", kind)
}

func compose(path string, profiles []string) ([]byte, error) {
	options, err := cli.NewProjectOptions([]string{path}, cli.WithOsEnv, cli.WithProfiles(profiles))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.MarshalYAML()
}
